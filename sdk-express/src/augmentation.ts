import type { RequestUserref } from './request-userref.ts';
import type { ResponseUserref } from './response-userref.ts';

declare global {
  namespace Express {
    interface Request {
      userref: RequestUserref;
    }
    interface Response {
      userref: ResponseUserref;
    }
  }
}
