export * from '../../picture/format/time.ts';
