import { randomUUID } from 'node:crypto';
import type { RunningApp } from '../processes/start-app.ts';
import { cookieOf, requestText } from './request-text.ts';
import { sendAll } from './send-all.ts';

/** Takes each user through the first step of the app, and gives the cookies of their pending logins. */
export async function logIn({ port }: RunningApp, userIds: readonly string[]): Promise<string[]> {
  const requests = userIds.map((userId) => requestText({ method: 'POST', path: '/login', body: { userId } }));
  const { answers } = await sendAll({ port, requests, connections: 16, status: 200 });
  return answers.map(cookieOf);
}

/** The request that submits the second step. */
export function verifyRequest(cookie: string | undefined, body: unknown): string {
  return requestText({ method: 'POST', path: '/mfa/totp/verify', cookie, body });
}

/** User ids as most apps have them. */
export function newUserIds(count: number): string[] {
  return Array.from({ length: count }, () => randomUUID());
}
