import 'reflect-metadata';
import { insigne } from './insigne.js';

process.exitCode = await insigne(process.argv.slice(2));
