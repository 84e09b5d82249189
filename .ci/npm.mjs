/* Packages of npm at pinned versions, their bytes checked, unpacked into .npm/ (which git ignores). Nothing of them is run here. */
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "..", ".npm");
const PACKAGES = [
  {
    name: "axe-core", version: "4.14.1", to: "axe-core",
    sha512: "FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
  },
  {
    name: "@sparticuz/chromium", version: "109.0.6", to: "chromium", program: "bin/chromium.br",
    sha512: "9hTE03DXnrWTiGNpfjLfmGhIfmiVAerSPinDb+x5bBdM4KF4PMM1NZ0A+V7WKazoA+CasSX/osHK8K0MuO6uqg==",
  },
];

function fetched({ name, version, sha512 }, work) {
  const said = execFileSync("npm", ["pack", "--silent", "--pack-destination", work, `${name}@${version}`], { cwd: work, encoding: "utf8" });
  const file = join(work, said.trim().split("\n").pop());
  const digest = createHash("sha512").update(readFileSync(file)).digest("base64");
  if (digest !== sha512) throw new Error(`${name}@${version} is not what it was: sha512 ${digest} instead of ${sha512}`);
  return file;
}

function unpacked(one) {
  const target = join(FOLDER, `${one.to}-${one.version}`);
  if (existsSync(target)) return;
  console.log(`fetching ${one.name} ${one.version} for the browser tests ...`);
  mkdirSync(FOLDER, { recursive: true });
  const work = mkdtempSync(join(FOLDER, "work-"));
  try {
    execFileSync("tar", ["-xzf", fetched(one, work), "-C", work]);
    const made = join(work, "package");
    if (one.program) {
      writeFileSync(join(made, one.to), brotliDecompressSync(readFileSync(join(made, one.program))));
      chmodSync(join(made, one.to), 0o755);
      rmSync(join(made, dirname(one.program)), { recursive: true });
    }
    renameSync(made, target);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

try {
  PACKAGES.forEach(unpacked);
} catch (error) { // the tests that need it fail, and say what to run; the others need not wait for it
  console.error(`What the browser tests need could not be fetched: ${error.message.split("\n")[0]}. Run \`make browser\` again when npm reaches its registry.`);
}
