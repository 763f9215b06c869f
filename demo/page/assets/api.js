/** @throws Error with the server's own words when it does not do what it was asked */
export async function call(path, body) {
  // The key to the data is in this page's address, behind the #, which browsers never send.
  const headers = { 'x-page-key': location.hash.slice(1) };
  const init =
    body === undefined
      ? { headers }
      : { method: 'POST', headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(path, init).catch(() => undefined);
  if (!response) throw new Error('npm start does not answer: is it still running?');
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
