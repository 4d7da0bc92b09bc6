// Runs the server audits of npm graphql-http against URL and writes what they found as JSON.
//   node audit.mjs FOLDER_WITH_NODE_MODULES URL BEARER_TOKEN
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [folder, url, token] = process.argv.slice(2);
const { serverAudits } = await import(
  pathToFileURL(createRequire(path.join(folder, 'package.json')).resolve('graphql-http'))
);

const fetchFn = (address, init = {}) => {
  const headers = new Headers(init.headers);
  headers.set('authorization', `Bearer ${token}`);
  return fetch(address, { ...init, headers });
};

const rows = [];
for (const audit of serverAudits({ url, fetchFn })) {
  const result = await audit.fn();
  rows.push({ id: audit.id, name: audit.name, status: result.status, reason: result.reason ?? null });
}
process.stdout.write(JSON.stringify(rows));
