export * from '../../picture/cellVertices.ts';
