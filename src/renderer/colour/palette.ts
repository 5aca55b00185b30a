export * from '../../picture/colour/palette.ts';
