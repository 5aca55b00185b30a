export * from '../../picture/ranges.ts';
