/**
 * The attributes that this site is registered for, by name, each with the type of its value. Empty until
 * `userref types` writes `declare module '@userref/sdk-core' { interface SiteAttributes { … } }`; from then on a
 * name that the site may not ask for does not compile.
 */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be augmented
export interface SiteAttributes {}

/** The purposes that are registered for this site; augmented like {@link SiteAttributes}, with `true` for each. */
// biome-ignore lint/suspicious/noEmptyInterface: it is there to be augmented
export interface SitePurposes {}

/** What the site may ask for; any text while {@link SiteAttributes} is empty. */
export type SiteAttributeName = KeyOrText<SiteAttributes>;

/** What the site may ask for it; any text while {@link SitePurposes} is empty. */
export type SitePurpose = KeyOrText<SitePurposes>;

type KeyOrText<Registered> = keyof Registered extends never ? string : keyof Registered & string;
