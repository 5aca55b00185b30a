export * from '../../picture/colour/oklab.ts';
