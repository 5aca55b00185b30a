export * from '../../picture/legend.ts';
