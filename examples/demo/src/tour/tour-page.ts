import type { CanaryReport } from '../canary/search.ts';
import { type Html, html } from './html.ts';
import type { Chapter } from './storyboard.ts';
import { type TourEvent, type TourStep, tourSteps } from './tour-event.ts';

export interface TourPerson {
  readonly name: string;
  /** What to choose or type at the sign-in, when it is not the name. */
  readonly signIn?: string;
}

export interface TourPageState {
  readonly chapters: readonly Chapter[];
  readonly people: readonly TourPerson[];
  readonly done: ReadonlyMap<TourStep, TourEvent>;
  /** The newest canary search, or why it could not run. */
  readonly canary?: CanaryReport | 'failed';
}

/** The whole page. It works by reloading; static/tour.js only saves the reload. */
export function renderTourPage(state: TourPageState): string {
  const { chapters, people, done } = state;
  const current = chapters.find((chapter) => chapter.steps.some(({ step }) => !done.has(step)));
  return html`<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <meta name="color-scheme" content="light dark">
  <title>Userref: the tour</title>
  <link rel="icon" href="/static/userref.svg" type="image/svg+xml">
  <link rel="stylesheet" href="/static/tour.css">
  <script src="/static/tour.js" defer></script>
</head>
<body>
  <header class="hero">
    <p class="kicker"><img src="/static/userref.svg" alt="" width="28" height="28"> Userref</p>
    <h1>Two shops know you.<br>Neither knows who you are.</h1>
    <p class="lead">A tour of two minutes. Everything on it is real and runs on this machine: do what a chapter says, and each tick appears when the thing itself has happened.</p>
    <p class="people"><span>You can be</span> ${people.map((person) => html`<span class="person">${person.name}${person.signIn && html` <code>${person.signIn}</code>`}</span>`)}</p>
  </header>
  <div class="progress"><div>
    <progress id="progress" max="${tourSteps.length}" value="${done.size}" aria-label="Steps done"></progress>
    <p aria-live="polite"><strong data-count>${done.size}</strong> of ${tourSteps.length}</p>
  </div></div>
  <main>${chapters.map((chapter, index) => renderChapter(chapter, index + 1, chapter === current, state))}</main>
  <footer><p class="colophon">Sample people and sample data. An order that ships needs an address somewhere: here it stays in the vault, and the shop reads it while you allow it.</p></footer>
</body>
</html>
`.text;
}

function renderChapter(chapter: Chapter, number: number, isCurrent: boolean, state: TourPageState): Html {
  const isLast = chapter.steps.some(({ step }) => step === 'canary-clean');
  return html`
    <section class="chapter" id="${chapter.id}" aria-labelledby="${chapter.id}-title"${isCurrent && html` data-current`}>
      <div class="chapter-text">
        <h2 id="${chapter.id}-title"><span class="number" aria-hidden="true">${number}</span>${chapter.title}</h2>
        <p class="lead">${chapter.lead}</p>
        <ol class="todo">${chapter.todo.map((todo) => html`<li>${todo}</li>`)}</ol>
        <p class="actions">${chapter.links.map(({ label, href }) => html`<a class="button" href="${href}" target="_blank" rel="noopener">${label}</a>`)}</p>
        ${isLast && searchButton}
      </div>
      <div class="chapter-proof">
        <ul class="steps" aria-label="What has happened">${chapter.steps.map(({ step, proof }) => renderStep(step, proof, state.done.get(step)))}</ul>
        ${isLast && state.canary !== undefined && renderVerdict(state.canary)}
      </div>
    </section>`;
}

function renderStep(step: TourStep, proof: string, event: TourEvent | undefined): Html {
  return html`
        <li data-step="${step}"${event && html` data-done`}>
          <span class="tick" aria-hidden="true"></span>
          <p>${proof}<span class="visually-hidden" data-state>: ${event ? 'done' : 'not yet'}</span></p>
          <p class="evidence"${!event && html` hidden`}><code data-detail${!event?.detail && html` hidden`}>${event?.detail}</code> <time data-time>${event && clockTime(event.at)}</time></p>
        </li>`;
}

const searchButton = html`
        <form method="post" action="/canary" data-canary><button class="button" type="submit">Run the canary search</button></form>`;

function renderVerdict(canary: CanaryReport | 'failed'): Html {
  if (canary !== 'failed') return renderReport(canary);
  return html`<p class="verdict" data-verdict="failed" role="status">The search could not run. Sign in and place an order first, then try again.</p>`;
}

function renderReport(report: CanaryReport): Html {
  const { positiveControlFound: found, positiveControlPlanted: planted, hits, places } = report;
  return html`
        <dl class="report" data-verdict="${report.clean ? 'clean' : 'unclean'}" role="status">
          <div><dt>Bait found</dt><dd data-control>${found} of ${planted}</dd></div>
          <div><dt>Real hits</dt><dd data-hits>${hits.length}</dd></div>
          <div><dt>Places searched</dt><dd>${places.length}</dd></div>
        </dl>
        <ul class="places">${places.map((place) => html`<li class="place"><span>${place.name}</span> <span class="size">${formatBytes(place.bytes)}</span></li>`)}</ul>
        ${hits.length > 0 && html`<ul class="hits">${hits.map((hit) => html`<li>Value ${hit.canaryIndex + 1} stands ${hit.form} in ${hit.place}</li>`)}</ul>`}`;
}

/** Time of day on this machine, such as `14:03:09`. */
export function clockTime(at: Date): string {
  return at.toTimeString().slice(0, 8);
}

function formatBytes(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
