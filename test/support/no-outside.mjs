// Loaded into every process of a test run: nothing may leave this machine. Whoever tries fails at once, and loudly.
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';
import { networkInterfaces } from 'node:os';

const own = new Set(Object.values(networkInterfaces()).flatMap((all) => all.map(({ address }) => address)));
const isHere = (host) =>
  !host ||
  own.has(host) ||
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '::1' ||
  /^(::ffff:)?127\./.test(host) ||
  host === '0.0.0.0' ||
  host === '::';
// Names that nobody can own (RFC 2606) or that have no dot: tests write them, and the answer is known without asking.
const isNobodys = (name) =>
  !name.includes('.') || /(^|\.)(example|invalid|test|example\.(com|org|net))\.?$/i.test(name);

// Jest gives every test file globals of its own; the prototype is the process's.
const socket = net.Socket.prototype;
const isGuarded = 'attemptsToLeave' in socket.connect;

/** What tried to leave, in this process. */
export const attempts = isGuarded ? socket.connect.attemptsToLeave : [];

function refuse(what) {
  const line = `A test tried to leave this machine: ${what}`;
  attempts.push(line);
  if (process.env.INSIGNE_TEST_OUTSIDE) appendFileSync(process.env.INSIGNE_TEST_OUTSIDE, `${line}\n`);
  return Object.assign(new Error(line), { code: 'EACCES' });
}

const notFound = (name) =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), {
    code: 'ENOTFOUND',
    hostname: name,
    syscall: 'getaddrinfo',
  });

const answerFor = (name) => (isNobodys(name) ? notFound(name) : refuse(`name ${name}`));

function guard() {
  const { connect } = socket;
  socket.connect = function guarded(...given) {
    const options = Array.isArray(given[0]) ? given[0][0] : given[0];
    const isObject = options !== null && typeof options === 'object';
    const path = isObject
      ? options.path
      : typeof options === 'string' && !/^\d+$/.test(options)
        ? options
        : undefined;
    const host = isObject ? options.host : typeof given[1] === 'string' ? given[1] : undefined;
    // A name is judged when it is looked up; a connection that brings its own answer is judged by that.
    if (path || isHere(host)) return connect.apply(this, given);
    if (!net.isIP(host) && !(isObject && options.lookup)) return connect.apply(this, given);
    if (net.isIP(host)) {
      process.nextTick(() => this.destroy(refuse(`connection to ${host}`)));
      return this;
    }
    const { lookup } = options;
    const judged = (name, how, done) =>
      lookup(name, how, (error, addresses, family) => {
        const all = error ? [] : [addresses].flat().map((one) => one?.address ?? one);
        const away = all.find((address) => !isHere(address));
        if (away) done(refuse(`connection to ${name}, ${away}`));
        else done(error, addresses, family);
      });
    const changed = { ...options, lookup: judged };
    if (Array.isArray(given[0])) given[0][0] = changed;
    else given[0] = changed;
    return connect.apply(this, given);
  };
  socket.connect.attemptsToLeave = attempts;

  const { lookup } = dns;
  dns.lookup = (name, ...rest) => {
    if (net.isIP(name) || isHere(name)) return lookup(name, ...rest);
    const error = answerFor(name);
    process.nextTick(rest.at(-1), error);
    return undefined;
  };
  const { lookup: promised } = dns.promises;
  dns.promises.lookup = async (name, ...rest) => {
    if (net.isIP(name) || isHere(name)) return promised(name, ...rest);
    throw answerFor(name);
  };
  for (const name of Object.keys(dns).filter((one) => /^resolve/.test(one))) {
    dns[name] = (host, ...rest) => void process.nextTick(rest.at(-1), answerFor(host));
    if (dns.promises[name])
      dns.promises[name] = async (host) => {
        throw answerFor(host);
      };
  }
  const { send } = dgram.Socket.prototype;
  dgram.Socket.prototype.send = function guarded(...given) {
    const host = given.find((one, i) => i > 0 && typeof one === 'string');
    if (isHere(host)) return send.apply(this, given);
    throw refuse(`datagram to ${host}`);
  };
  syncBuiltinESMExports();
}

if (!isGuarded) guard();
