import { startSignedWorld } from "./world.ts";
import { createMonitor, told } from "./monitor.ts";
const world = await startSignedWorld();
try {
const m = createMonitor({parent: {address: world.parent.server.address, port: world.parent.server.port, anchor: world.parent.anchor}, nameservers: world.nameservers.map(n=>n.server)});
const show = async () => { for (let i=0;i<2;i++) {const t=Date.now(); const l = await m.look(); console.log(Date.now()-t, l.classes.join(), told(l.report.integrity), told(l.report.availability), told(l.report.advice), m.alarms()); } };
await show();
await world.nameservers[1].publish(world.version(), "unsigned"); await show();
await world.nameservers[1].publish(world.version(), {keys: world.keys, hoursAgo: 719}); await show();
await world.nameservers[1].publish(world.version(), {keys: world.keys, hoursAgo: 721}); await show();
await world.makeLame(2); await show();
await world.parent.delegate({ns:["evil.example.com."], ds: []}); await show();
} finally { await world.stop(); }
