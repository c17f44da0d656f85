import { afterEach } from "vitest";
import { keepLogsOnFailure } from "../servers/available.ts";
import { startScene, type Scene, type SceneOptions } from "./scene.ts";

/** For a suite: makes scenes that end with their test, failed or not. */
export function scenes(): (options?: SceneOptions) => Promise<Scene> {
  const running: Scene[] = [];
  afterEach(async () => {
    await Promise.all(running.splice(0).map((scene) => scene.end()));
  });
  keepLogsOnFailure(() => running.flatMap(({ primary, secondary }) => [primary, secondary]));
  return async (options) => {
    const scene = await startScene(options);
    running.push(scene);
    return scene;
  };
}
