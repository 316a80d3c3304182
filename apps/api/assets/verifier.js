// The camera of the verifier's page. Without it, or without this script, the form does the same.

const part = (name) => document.querySelector(`[data-${name}]`);
const field = part('camera');
const button = part('camera-button');
const view = part('camera-view');
const message = part('camera-message');
const words = part('camera-words').dataset;
const text = document.getElementById('text');

/** Side of the picture that is searched for a code, in pixels: enough for a code that fills a third of it. */
const side = 720;
const everyMs = 150;

let stream;
let search;

function say(sentence) {
  message.textContent = sentence;
}

function stop() {
  clearTimeout(search);
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = undefined;
  view.hidden = true;
  view.srcObject = null;
  button.textContent = words.start;
  button.setAttribute('aria-pressed', 'false');
}

async function start() {
  say(words.looking);
  try {
    stream = await navigator.mediaDevices.getUserMedia({
      video: { facingMode: 'environment' },
      audio: false,
    });
    view.srcObject = stream;
    view.hidden = false;
    await view.play();
  } catch {
    stop();
    say(words.refused);
    return;
  }
  button.textContent = words.stop;
  button.setAttribute('aria-pressed', 'true');
  const { default: decodeQR } = await import('qr-reader.js');
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const look = () => {
    if (!stream) return;
    const found = codeIn(canvas, context, decodeQR);
    if (found === undefined) search = setTimeout(look, everyMs);
    else take(found);
  };
  look();
}

function codeIn(canvas, context, decodeQR) {
  const { videoWidth: width, videoHeight: height } = view;
  if (width === 0) return undefined;
  const scale = Math.min(1, side / Math.min(width, height));
  canvas.width = Math.round(width * scale);
  canvas.height = Math.round(height * scale);
  context.drawImage(view, 0, 0, canvas.width, canvas.height);
  try {
    return decodeQR(context.getImageData(0, 0, canvas.width, canvas.height));
  } catch {
    return undefined;
  }
}

function take(found) {
  stop();
  if (!/^https?:\/\/\S+$/i.test(found)) {
    say(words.nothing);
    return;
  }
  text.value = found;
  say('');
  text.form.requestSubmit();
}

if (navigator.mediaDevices?.getUserMedia) {
  field.hidden = false;
  button.addEventListener('click', () => (stream ? stop() : start()));
  addEventListener('pagehide', stop);
}
