import { asRecorded, type FakeAnswer, type FakeRequest } from './fake-answer.ts';
import { interactionOf, json } from './fake-oidc.ts';
import { type FakeState, newId } from './fake-state.ts';

/** Everybody's password here. */
export const PASSWORD = 'Tr0ub4dor&3-x9';

/** The sign-in page's own API, as observed: start, verify the password, identify, submit. */
export class FakeExperience {
  readonly #state: FakeState;
  readonly #origin: string;

  constructor(state: FakeState, origin: string) {
    this.#state = state;
    this.#origin = origin;
  }

  answer(request: FakeRequest): FakeAnswer | undefined {
    const { method, url } = request;
    if (!url.pathname.startsWith('/api/experience')) return undefined;
    const id = interactionOf(request);
    const interaction = this.#state.interactions.get(id);
    if (!interaction) return asRecorded('sign-in-errors', 'experience API without interaction cookie');
    switch (`${method} ${url.pathname.slice('/api/experience'.length)}`) {
      case 'PUT ':
        return asRecorded('sign-in-flow', 'start interaction');
      case 'POST /verification/password': {
        const { identifier, password } = JSON.parse(request.body) as {
          identifier: { value: string };
          password: string;
        };
        const user = [...this.#state.users.values()].find(({ username }) => username === identifier.value);
        if (!user || password !== PASSWORD) return asRecorded('sign-in-errors', 'verify password');
        if (user.isSuspended) return asRecorded('user-lifecycle', 'verify password');
        interaction.verification = newId(21);
        interaction.userId = user.id;
        return json(200, { verificationId: interaction.verification });
      }
      case 'POST /identification':
        return asRecorded('sign-in-flow', 'identify');
      case 'POST /submit':
        return json(200, { redirectTo: `${this.#origin}/oidc/auth/${id}` });
      default:
        return undefined;
    }
  }
}
