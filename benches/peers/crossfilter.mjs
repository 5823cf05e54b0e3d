// The same moves as in cross_peers.py by crossfilter2, which keeps a sorted index per dimension and only counts what a
// move changes: node crossfilter.mjs EVENTS.columns
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import crossfilter from 'crossfilter2';

const version = createRequire(import.meta.url)('crossfilter2/package.json').version;
const column = (name, Kind) => {
    const bytes = fs.readFileSync(path.join(process.argv[2], `${name}.bin`));
    return new Kind(bytes.buffer, bytes.byteOffset, bytes.byteLength / Kind.BYTES_PER_ELEMENT);
};
const [day, type, actor, killed] = [
    column('day', Uint16Array),
    column('type', Uint8Array),
    column('actor', Uint16Array),
    column('killed', Uint16Array),
];
const [lon, lat] = [column('lon', Float32Array), column('lat', Float32Array)];

const start = performance.now();
const events = crossfilter(Array.from(day, (_, row) => row));
const [byDay, byType, byActor, byKilled, byLon, byLat] = [day, type, actor, killed, lon, lat].map((values) =>
    events.dimension((row) => values[row]),
);
const views = [byDay.group((value) => Math.floor(value / 30.4375)), byType.group(), byActor.group(), byKilled.group()];
const all = events.groupAll();
const build = performance.now() - start;

// Ranges of crossfilter2 are open at their end.
byType.filterRange([0, 3]);
byKilled.filterRange([1, 51]);
byLon.filterRange([-17.5, 25.00001]);
byLat.filterRange([10, 20.00001]);

const moves = (step, count) => {
    const times = [];
    let passing = 0;
    for (let position = 0; position < count; position++) {
        const begin = performance.now();
        byDay.filterRange([position * step, position * step + 731]);
        views.forEach((view) => view.all().length);
        const shown = all.value();
        times.push(performance.now() - begin);
        passing += shown;
    }
    times.sort((a, b) => a - b);
    return { median: times[times.length >> 1], p95: times[Math.floor(times.length * 0.95)], passing };
};
const [jump, drag] = [moves(60, 60), moves(6, 600)];
const rounded = (ms) => Number(ms.toFixed(3));
console.log(
    JSON.stringify({
        tool: `crossfilter2 ${version}, node ${process.version}`,
        rows: day.length,
        passing: jump.passing,
        ms_median: rounded(jump.median),
        ms_p95: rounded(jump.p95),
        drag_ms_median: rounded(drag.median),
        drag_ms_p95: rounded(drag.p95),
        build_ms: rounded(build),
    }),
);
