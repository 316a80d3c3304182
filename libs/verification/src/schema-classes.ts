import { addDataModelFormats, dataModelSchema } from './data-model.js';
import { compiler, type Kind, schemaOf } from './schema.js';
import { StringClasses } from './string-classes.js';

const kinds: Kind[] = ['achievement', 'endorsement', 'record'];
let classes: StringClasses | undefined;

/** What the rules of the data model and the schemas of every kind of credential, all together, can ask of a string. */
export function verifiedClasses(): StringClasses {
  if (classes) return classes;
  const ajv = compiler();
  addDataModelFormats(ajv);
  classes = new StringClasses([...kinds.map(schemaOf), dataModelSchema()], (rule) => ajv.compile(rule));
  return classes;
}
