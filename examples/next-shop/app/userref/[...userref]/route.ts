import { userref } from '../../../userref.ts';

export const { GET, POST } = userref.handlers;
