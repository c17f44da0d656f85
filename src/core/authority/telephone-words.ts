import { invariant } from "../../values/invariant.ts";
import { fromHex, utf8 } from "../../values/octets.ts";
import { sha256 } from "../../values/sha256.ts";

// 256 words of everyday English, one an octet, each apart from the others on a bad line; their order never changes.
const words = `
acorn amber anchor apple april arrow aspen atlas autumn badge baker bamboo barn basil basket beach bean bear beaver
bell berry birch bishop blanket blue boat bonnet bottle branch bread brick bridge bronze brush bucket butter button
cabin cactus camel candle canoe canyon carbon carpet castle cedar cello cherry chess chimney cider circus clay cliff
clock cloud clover coast cobra coffee comet copper coral cotton cradle crane cricket crown crystal daisy dancer
desert diamond dolphin donkey dragon drum eagle elbow elephant ember engine falcon feather fern fiddle finger flag
flint flute forest fossil fountain fox friday garden garlic ginger giraffe glacier glass glove goat gold grape grass
green guitar hammer harbor harp hazel helmet heron honey horse hotel husky igloo indigo iron island ivory jacket
jaguar jasmine jelly jungle juniper kettle kitchen kiwi ladder lamp lantern lemon leopard lily linen lion lobster
locket lotus lunch magnet mango maple marble market meadow melon mirror monday monkey moon mosaic motor mountain
museum needle nickel nutmeg ocean olive onion orange orchid otter oven owl oyster paddle palace panda paper parrot
pearl pebble pencil pepper piano pigeon pillow pilot pirate planet plum pocket pony poppy potato prairie pumpkin
purple puzzle python quartz rabbit radio raven ribbon river robin rocket ruby saddle salmon sandal satin scissors
scooter shadow shark silver soldier spider spoon spring squirrel stadium statue sugar summer sunset swan syrup table
teapot temple thunder tiger timber tomato tower tractor trumpet tulip tunnel turtle umbrella valley velvet violin
volcano wagon walnut water whale willow window winter wizard yellow zebra zigzag
`
  .trim()
  .split(/\s+/);

/**
 * Four words that people compare over the telephone before they sign the same emergency request: 32 bits of a hash of its
 * id, `break-glass` before it. They find a request that was swapped; what is signed is bound by the whole hash.
 */
export function breakGlassWords(grant: string): readonly string[] {
  const digest = fromHex(sha256(utf8(`break-glass ${grant}`)));
  invariant(digest !== undefined, "a digest is hexadecimal");
  return [...digest.subarray(0, 4)].map((octet) => words[octet] ?? "");
}
