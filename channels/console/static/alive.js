// A worker that tells the service, again and again, that a page of the console is open.

onmessage = ({ data }) => {
  const tell = async () => {
    const headers = { Accept: "application/json", "X-Naru-Forgery": data.forgery };
    const answer = await fetch("/console/presence/alive", { method: "POST", headers }).catch(() => null);
    if (answer?.status === 401 || answer?.status === 403) clearInterval(timer); // the session is over
  };
  const timer = setInterval(tell, data.seconds * 1000);
  tell();
};
