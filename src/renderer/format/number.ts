export * from '../../picture/format/number.ts';
