using Vprox.NodeAgent.Adapters.State;

namespace Vprox.Cli;

/// <summary>A command's folder of keys and knowledge, held by one process at a time.</summary>
internal sealed class StateFolder : IDisposable
{
    private readonly FileStream _lock;

    private StateFolder(string path, FileStream held) => (Path, _lock) = (path, held);

    /// <summary>The folder.</summary>
    public string Path { get; }

    /// <summary>Opens it, or makes it for its owner only; null with a sentence when it cannot be had.</summary>
    /// <param name="stateDirectory">The folder of all commands.</param>
    /// <param name="name">The command's own, below it.</param>
    /// <param name="refusal">Why not.</param>
    /// <param name="part">What one process at a time holds, when it is not the whole folder.</param>
    public static StateFolder? TryOpen(string stateDirectory, string name, out string? refusal, string part = "process")
    {
        refusal = null;
        try
        {
            var path = NodeDirectory.Open(stateDirectory, name);
            var file = System.IO.Path.Combine(path, $"{part}.lock");
            try
            {
                // flock(2): the kernel lets it go when the process ends, however it ends.
                return new StateFolder(path, new FileStream(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
            }
            catch (IOException) when (File.Exists(file))
            {
                refusal = $"another vprox process works with {file}; end it first, or give this one another --state-directory";
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            refusal = $"{stateDirectory} cannot be used: {e.Message}";
        }
        return null;
    }

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
