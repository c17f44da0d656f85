/** A path seen from a folder, without `.` and `..` where they can be taken away. By its text alone: links are not followed. */
export function pathFrom(folder: string, path: string): string {
  const joined = path.startsWith("/") ? path : `${folder}/${path}`;
  const kept: string[] = [];
  for (const part of joined.split("/")) {
    if (part === "..") {
      const last = kept.at(-1);
      if (last !== undefined && last !== "..") kept.pop();
      else if (!joined.startsWith("/")) kept.push(part);
    } else if (part !== "" && part !== ".") kept.push(part);
  }
  const text = kept.join("/");
  return joined.startsWith("/") ? `/${text}` : text === "" ? "." : text;
}

export function folderOf(file: string): string {
  const slash = file.lastIndexOf("/");
  return slash === -1 ? "." : slash === 0 ? "/" : file.slice(0, slash);
}

/** Whether a path is a folder or lies in it; both from {@link pathFrom}, with the same folder. */
export function isIn(path: string, folder: string): boolean {
  if (folder === "." && !path.startsWith("/") && !path.startsWith("..")) return true;
  return path === folder || path.startsWith(folder === "/" ? folder : `${folder}/`);
}
