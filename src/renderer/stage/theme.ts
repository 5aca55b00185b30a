export * from '../../picture/theme.ts';
