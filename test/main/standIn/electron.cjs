/** The stand-in of the running test for a preload script, which is CommonJS (see native.ts). */
module.exports = globalThis.electronStandIn;
