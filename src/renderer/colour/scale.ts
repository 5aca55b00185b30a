export * from '../../picture/colour/scale.ts';
