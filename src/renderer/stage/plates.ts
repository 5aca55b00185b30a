export * from '../../picture/plates.ts';
