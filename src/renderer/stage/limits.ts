export * from '../../picture/limits.ts';
