/** Calls the page's server. @throws Error with the server's message when it refuses */
export async function call(path, body) {
  // The page's address has the key behind the #, which browsers never send.
  const headers = { 'x-page-key': location.hash.slice(1) };
  const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(path, init).catch(() => undefined);
  if (!response) throw new Error('npm start does not answer: is it still running?');
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}
