namespace Vprox.WorkerAgent.Adapters.Journal;

/// <summary>Files that are either the old or the new one whenever the process dies, and only root's to read.</summary>
internal static class AtomicFile
{
    /// <summary>Writes a file.</summary>
    /// <param name="path">Where it stands.</param>
    /// <param name="bytes">What it holds.</param>
    /// <param name="toDisk">True when it must outlive a crash of the host too, which takes the disk some milliseconds (fsync(2)).</param>
    public static void Write(string path, ReadOnlySpan<byte> bytes, bool toDisk)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
        {
            file.Write(bytes);
            file.Flush(toDisk);
        }
        File.Move(draft, path, overwrite: true);
    }
}
