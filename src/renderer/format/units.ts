export * from '../../picture/format/units.ts';
