import type { ListObjectVersionsCommandOutput, S3Client } from '@aws-sdk/client-s3';
import type { Anchor, AnchoredCheckpoint, AnchorFinding } from './anchor.ts';

export interface S3AnchorOptions {
  readonly bucket: string;
  /** Before the names of objects. Default `userref-audit/`. */
  readonly prefix?: string | undefined;
  /** Days for which nobody can delete a checkpoint, the account's owner included. */
  readonly retentionDays: number;
  readonly region: string;
  /** For storage other than AWS. */
  readonly endpoint?: string | undefined;
  /** Default: where the AWS SDK finds them. */
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly now: () => Date;
}

const DAY_MS = 86_400_000;
const DEFAULT_PREFIX = 'userref-audit/';

/** The only use of the vendor's package, which is installed where this anchor is used. */
async function loadSdk() {
  return import('@aws-sdk/client-s3').catch((cause) => {
    throw new Error(
      'The S3 anchor needs the package @aws-sdk/client-s3. Run: npm install @aws-sdk/client-s3',
      {
        cause,
      },
    );
  });
}

/** Object storage with Object Lock in COMPLIANCE mode: one object a checkpoint. */
export async function s3Anchor(options: S3AnchorOptions): Promise<Anchor> {
  const sdk = await loadSdk();
  const { bucket: Bucket, prefix = DEFAULT_PREFIX } = options;
  const client = new sdk.S3Client({
    region: options.region,
    maxAttempts: 3,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(options.endpoint && { endpoint: options.endpoint, forcePathStyle: true }),
    ...(options.credentials && { credentials: options.credentials }),
  });
  const keyOf = ({ log, size }: AnchoredCheckpoint) => `${prefix}${log}/${String(size).padStart(16, '0')}`;
  return {
    name: 's3',
    async put(checkpoint) {
      const Key = keyOf(checkpoint);
      const until = new Date(options.now().getTime() + options.retentionDays * DAY_MS);
      const { VersionId } = await client.send(
        new sdk.PutObjectCommand({
          ...{ Bucket, Key, Body: checkpoint.note, ContentType: 'text/plain; charset=utf-8' },
          ...{ ObjectLockMode: 'COMPLIANCE', ObjectLockRetainUntilDate: until },
        }),
      );
      // Storage that knows no locks may take the object and drop the wish.
      const { Retention } = await client.send(new sdk.GetObjectRetentionCommand({ Bucket, Key, VersionId }));
      if (!VersionId || Retention?.Mode !== 'COMPLIANCE' || !Retention.RetainUntilDate)
        throw new Error(`the bucket ${Bucket} does not lock objects: it needs Object Lock`);
    },
    async read(log) {
      const versions = await listVersions(client, { sdk, Bucket, Prefix: `${prefix}${log}/` });
      return describe(versions, async (Key, VersionId) => {
        const { Body } = await client.send(new sdk.GetObjectCommand({ Bucket, Key, VersionId }));
        return (await Body?.transformToString('utf8')) ?? '';
      });
    },
  };
}

interface Versions {
  readonly objects: {
    Key?: string | undefined;
    VersionId?: string | undefined;
    LastModified?: Date | undefined;
  }[];
  readonly deletions: { Key?: string | undefined }[];
}

/** Versions, not objects: a deletion or overwrite without a version id «succeeds» and only hides. */
async function listVersions(
  client: S3Client,
  where: { sdk: typeof import('@aws-sdk/client-s3'); Bucket: string; Prefix: string },
): Promise<Versions> {
  const { sdk, Bucket, Prefix } = where;
  const found: Versions = { objects: [], deletions: [] };
  let page: ListObjectVersionsCommandOutput | undefined;
  do {
    page = await client.send(
      new sdk.ListObjectVersionsCommand({
        ...{ Bucket, Prefix },
        ...{ KeyMarker: page?.NextKeyMarker, VersionIdMarker: page?.NextVersionIdMarker },
      }),
    );
    found.objects.push(...(page.Versions ?? []));
    found.deletions.push(...(page.DeleteMarkers ?? []));
  } while (page.IsTruncated);
  return found;
}

/** The oldest version of each object is the one that was locked first; whatever came later is a suspicion. */
async function describe(
  { objects, deletions }: Versions,
  readVersion: (key: string, versionId: string) => Promise<string>,
): Promise<AnchorFinding> {
  const suspicions = deletions.map(({ Key }) => `somebody deleted ${Key}; its versions are still there`);
  const notes: string[] = [];
  const sorted = [...objects].sort(
    (a, b) =>
      (a.Key ?? '').localeCompare(b.Key ?? '') ||
      (a.LastModified?.getTime() ?? 0) - (b.LastModified?.getTime() ?? 0),
  );
  for (const [key, versions] of Map.groupBy(sorted, (one) => one.Key ?? '')) {
    const texts: string[] = [];
    for (const { VersionId = 'null' } of versions) texts.push(await readVersion(key, VersionId));
    if (new Set(texts).size > 1) suspicions.push(`somebody wrote over ${key}; its versions are still there`);
    notes.push(...texts);
  }
  return { notes, suspicions };
}
