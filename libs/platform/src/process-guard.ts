// Loaded before a supervised program (`node --import`): when the process that watches over it has gone, by kill -9
// for instance, the program ends itself in order instead of living on with the port and the database.
const lastMomentMs = 35_000;

process.once('disconnect', () => {
  process.kill(process.pid, 'SIGTERM');
  setTimeout(() => process.exit(1), lastMomentMs).unref();
});
// The listener must not keep a program alive that has nothing else to do.
process.channel?.unref();
