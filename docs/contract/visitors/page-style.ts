import { createHash } from 'node:crypto';

/** The look of a page about an error: the visitor's own fonts and colours, and room. */
export const PAGE_STYLE = [
  'body{font:1.0625rem/1.5 system-ui,sans-serif;max-width:34rem;margin:12vh auto;padding:0 1.25rem}',
  'h1{font-size:1.625rem;line-height:1.25}',
  'ul{list-style:none;padding:0}',
  'li{margin:1rem 0}',
  'hr{margin:2rem 0}',
  'small{font-size:.8125rem;overflow-wrap:anywhere}',
  // An id stays in one piece where there is room for it.
  'bdi{display:inline-block;max-width:100%}',
].join('');

/** No scripts, this one style, nothing from elsewhere (CSP Level 3 §8.3: the style is known by its hash). */
export const PAGE_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(PAGE_STYLE).digest('base64')}'`,
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
