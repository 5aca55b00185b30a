export * from '../../picture/cellColours.ts';
