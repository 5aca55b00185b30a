/** Writes scenarios/schema.json from the schema in src/engine/scenario/schema.ts: `node scripts/schema.ts`. */
import { writeFileSync } from 'node:fs';
import { schemaText } from '../src/engine/scenario/schema.ts';

writeFileSync(new URL('../scenarios/schema.json', import.meta.url), schemaText());
