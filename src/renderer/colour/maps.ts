export * from '../../picture/colour/maps.ts';
