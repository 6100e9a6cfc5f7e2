import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureDebianPackage } from './debian-packages.ts';
import { freePort } from './free-port.ts';

export interface Radosgw {
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  close(): Promise<void>;
}

const PACKAGES = ['ceph-common', 'ceph-mon', 'ceph-osd', 'radosgw'];
const ANSWER_WITHIN_MS = 120_000;

/** Installs what {@link startRadosgw} needs; says why when it cannot. */
export function ensureRadosgw(): string | undefined {
  for (const name of PACKAGES) {
    const problem = ensureDebianPackage(name);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** S3 with Object Lock on this machine: Debian's Ceph with one monitor, one store in memory and its gateway. */
export async function startRadosgw(): Promise<Radosgw> {
  const folder = mkdtempSync(join(tmpdir(), 'userref-rgw-'));
  const [mon2, mon1, port] = [await freePort(), await freePort(), await freePort()];
  const children: ChildProcess[] = [];
  const close = async () => {
    for (const child of children.reverse()) await end(child);
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const config = writeConfig(folder, { mon: `[v2:127.0.0.1:${mon2},v1:127.0.0.1:${mon1}]`, port });
    const run = (program: string, ...args: string[]) =>
      execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 60_000 }).toString();
    const daemon = (program: string, ...args: string[]) => {
      const child = spawn(program, ['-c', config, '-f', ...args], { stdio: 'ignore' });
      children.push(child);
    };
    const ceph = (...args: string[]) => run('ceph', '-c', config, '--connect-timeout', '30', ...args);
    startMonitor(folder, { config, run, daemon, mon: `[v2:127.0.0.1:${mon2},v1:127.0.0.1:${mon1}]` });
    await startStore(folder, { config, run, daemon, ceph });
    daemon('radosgw', '-n', 'client.admin');
    const endpoint = `http://127.0.0.1:${port}`;
    await until(() =>
      fetch(endpoint).then(
        () => true,
        () => false,
      ),
    );
    const credentials = {
      accessKeyId: randomBytes(8).toString('hex'),
      secretAccessKey: randomBytes(16).toString('hex'),
    };
    const { accessKeyId: ak, secretAccessKey: sk } = credentials;
    const user = [
      'user',
      'create',
      '--uid=test',
      '--display-name=test',
      `--access-key=${ak}`,
      `--secret-key=${sk}`,
    ];
    run('radosgw-admin', '-c', config, '-n', 'client.admin', ...user);
    return { endpoint, credentials, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Tools {
  readonly config: string;
  readonly run: (program: string, ...args: string[]) => string;
  readonly daemon: (program: string, ...args: string[]) => void;
}

function startMonitor(folder: string, { config, run, daemon, mon }: Tools & { mon: string }): void {
  const keyring = join(folder, 'keyring');
  const map = join(folder, 'monmap');
  run('ceph-authtool', '--create-keyring', keyring, '--gen-key', '-n', 'mon.', '--cap', 'mon', 'allow *');
  const caps = ['mon', 'osd', 'mgr', 'mds'].flatMap((name) => ['--cap', name, 'allow *']);
  run('ceph-authtool', keyring, '--gen-key', '-n', 'client.admin', ...caps);
  const fsid = run('ceph-conf', '-c', config, '--lookup', 'fsid').trim();
  run('monmaptool', '--create', '--clobber', '--fsid', fsid, '--addv', 'a', mon, map);
  run('ceph-mon', '-c', config, '--mkfs', '-i', 'a', '--monmap', map, '--keyring', keyring);
  daemon('ceph-mon', '-i', 'a');
}

async function startStore(
  folder: string,
  { config, run, daemon, ceph }: Tools & { ceph: (...args: string[]) => string },
): Promise<void> {
  const uuid = randomUUID();
  ceph('osd', 'new', uuid);
  const key = ceph('auth', 'get-or-create', 'osd.0', 'mon', 'allow profile osd', 'osd', 'allow *');
  appendFileSync(join(folder, 'keyring'), key);
  run('ceph-osd', '-c', config, '-i', '0', '--mkfs', '--osd-uuid', uuid);
  daemon('ceph-osd', '-i', '0');
  ceph('osd', 'crush', 'add', 'osd.0', '1.0', 'host=localhost', 'root=default');
  await until(async () => ceph('osd', 'stat').includes('1 up'));
}

function writeConfig(folder: string, { mon, port }: { mon: string; port: number }): string {
  for (const name of ['mon', 'osd', 'rgw', 'run', 'log']) mkdirSync(join(folder, name));
  const file = join(folder, 'ceph.conf');
  writeFileSync(
    file,
    `[global]
fsid=${randomUUID()}
mon_host=${mon}
ms_bind_ipv4=true
public_network=127.0.0.0/8
run_dir=${folder}/run
admin_socket=${folder}/run/$name.asok
log_file=${folder}/log/$name.log
pid_file=${folder}/run/$name.pid
osd_pool_default_size=1
osd_pool_default_min_size=1
osd_pool_default_pg_num=1
osd_pool_default_pgp_num=1
osd_crush_chooseleaf_type=0
osd_objectstore=memstore
memstore_device_bytes=268435456
mon_data=${folder}/mon
osd_data=${folder}/osd
osd_class_dir=${classesFolder()}
mon_allow_pool_size_one=true
mon_max_pg_per_osd=1000
osd_class_update_on_start=false
osd_crush_update_on_start=false
keyring=${folder}/keyring
[client.admin]
rgw_data=${folder}/rgw
rgw_frontends=beast endpoint=127.0.0.1:${port}
rgw_run_sync_thread=false
`,
  );
  return file;
}

function classesFolder(): string {
  const libraries = readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/rados-classes`);
  return libraries.find((path) => existsSync(path)) ?? '/usr/lib/rados-classes';
}

async function until(isReady: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + ANSWER_WITHIN_MS;
  while (!(await isReady())) {
    if (Date.now() > deadline) throw new Error('Ceph did not start');
    await sleep(250);
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = new Promise((done) => child.once('exit', done));
  child.kill('SIGKILL');
  await ended;
}
