// npm run screenshots -- <folder>: fills a Hubbub with a conversation and takes its pictures, in every size and both themes.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';

const [folder] = process.argv.slice(2);
if (!folder) {
  console.error('usage: npm run screenshots -- <folder>');
  process.exit(2);
}
// npm runs scripts in the package's folder; the argument is meant from where the person stands.
const pictures = path.resolve(process.env.INIT_CWD ?? '.', folder);
mkdirSync(pictures, { recursive: true });
const { status } = spawnSync('npx', ['playwright', 'test', '--config', 'pictures/pictures.config.ts'], {
  cwd: import.meta.dirname ?? '.',
  env: { ...process.env, HUBBUB_PICTURES: pictures },
  stdio: 'inherit',
});
process.exit(status ?? 1);
