import { appendAudit } from '../../audit/audit-log.ts';
import { ATTRIBUTE_NAMES } from '../../contract/generated.ts';
import { UserrefError } from '../../errors/userref-error.ts';
import { type AttributeDraft, readAttributeDraft } from './attribute-definition.ts';
import type { AttributeRepository } from './attribute-repository.ts';

interface Dependencies {
  readonly attributes: AttributeRepository;
  readonly tenantId: string;
}

/**
 * Registers an attribute, or the next version of one, as a draft that nobody can ask for yet.
 * @throws UserrefError as {@link readAttributeDraft}; `conflict` when a version would change the class, because
 *   stored values lie under the keys of the old one
 */
export async function addAttribute(
  { attributes, tenantId }: Dependencies,
  input: unknown,
): Promise<AttributeDraft> {
  const { name } = readAttributeDraft(input, 1);
  return attributes.inTenant(async (tx) => {
    const draft = readAttributeDraft(input, (await attributes.newestVersion(tx, name)) + 1);
    const known = await attributes.classOf(tx, name);
    if (known && known !== draft.class)
      throw new UserrefError('conflict', { detail: `${name} has the class ${known}, which cannot change.` });
    await attributes.insert(tx, draft);
    const data = { attribute: name, version: draft.schema_version, special_category: draft.special_category };
    await appendAudit(tx, 'core', [{ tenantId, action: 'attribute.registered', data }]);
    return draft;
  });
}

/**
 * Makes the newest draft of an attribute the version that counts.
 * @throws UserrefError `not_found` when there is no draft
 */
export async function publishAttribute(
  { attributes, tenantId }: Dependencies,
  name: string,
): Promise<{ name: string; version: number }> {
  return attributes.inTenant(async (tx) => {
    const version = await attributes.publish(tx, name);
    if (version === undefined)
      throw new UserrefError('not_found', { detail: `There is no draft of ${name}.` });
    await appendAudit(tx, 'core', [
      { tenantId, action: 'attribute.published', data: { attribute: name, version } },
    ]);
    return { name, version };
  });
}

/** @throws UserrefError `unknown_attribute` that names what is neither in the default catalogue nor published */
export async function checkAttributeNames(
  attributes: AttributeRepository,
  names: readonly string[],
): Promise<void> {
  const standard = new Set<string>(ATTRIBUTE_NAMES);
  if (names.every((name) => standard.has(name))) return;
  const own = new Set((await attributes.published()).map(({ name }) => name));
  const unknown = names.filter((name) => !standard.has(name) && !own.has(name));
  if (unknown.length > 0)
    throw new UserrefError('unknown_attribute', { detail: `Not in the catalogue: ${unknown.join(', ')}.` });
}
