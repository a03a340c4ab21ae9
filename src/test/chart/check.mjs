// node check.mjs FILE: checks rendered manifests as Kubernetes' API server would, and prints them as JSON.
// Types and formats by kubernetes-models; fields that Kubernetes doesn't know by its client, whose types drop them.
import { readFileSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { parseAllDocuments } from "yaml";
import { ObjectSerializer } from "@kubernetes/client-node/dist/serializer.js";

const plain = (value) => JSON.parse(JSON.stringify(value));

// Where two trees differ first, as a path.
function difference(given, known, path) {
  if (isDeepStrictEqual(given, known)) return undefined;
  if (typeof given !== "object" || given === null || typeof known !== "object" || known === null) return path;
  for (const key of Object.keys(given)) {
    const found = difference(given[key], known[key], `${path}.${key}`);
    if (found) return found;
  }
  return path;
}

const documents = parseAllDocuments(readFileSync(process.argv[2], "utf8"), { merge: true });
const objects = documents.map((document) => {
  if (document.errors.length) throw document.errors[0];
  return document.toJS();
}).filter((object) => object !== null);
const mistakes = [];
for (const object of objects) {
  const name = `${object.kind} ${object.metadata?.name}`;
  // A custom resource's schema is its operator's.
  if (object.apiVersion.startsWith("monitoring.coreos.com/")) continue;
  const [group, version] = object.apiVersion.includes("/") ? object.apiVersion.split("/") : ["core", object.apiVersion];
  try {
    const models = await import(`kubernetes-models/${object.apiVersion}`);
    new models[object.kind](object).validate();
  } catch (error) {
    mistakes.push(`${name}: ${error.message}`);
    continue;
  }
  const known = plain(ObjectSerializer.serialize(
    ObjectSerializer.deserialize(plain(object), `V${version.slice(1)}${object.kind}`), `V${version.slice(1)}${object.kind}`));
  const lost = difference(plain(object), known, name);
  if (lost) mistakes.push(`${lost}: no such field (${group}/${version})`);
}
if (mistakes.length) {
  console.error(mistakes.join("\n"));
  process.exit(1);
}
console.log(JSON.stringify(objects));
