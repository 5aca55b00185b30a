export * from '../../picture/camera.ts';
