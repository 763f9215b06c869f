/** @throws Error with the server's own words when it does not do what it was asked */
export async function call(path, body) {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, init).catch(() => undefined);
  if (!response) throw new Error('npm start does not answer: is it still running?');
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
