using System.Text.Json;
using System.Text.Json.Serialization;
using Vprox.WorkerAgent.Core;

namespace Vprox.WorkerAgent.Adapters.Journal;

/// <summary>
/// The journal: which container and which tunnel the kernel's rules and interfaces belong to (ADR 3). One agent at a time: a second one on
/// the same folder does not start.
/// </summary>
public sealed class JournalFile : IDisposable
{
    private static readonly JsonSerializerOptions Format = new() { Converters = { new JsonStringEnumConverter() } };

    private readonly string _path;
    private readonly FileStream _lock;

    /// <summary>Takes the folder.</summary>
    /// <exception cref="JournalException">Another agent has it.</exception>
    public JournalFile(WorkerAgentOptions options)
    {
        _path = Path.Combine(options.StateDirectory, "journal.json");
        Directory.CreateDirectory(options.StateDirectory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            _lock = new FileStream(Path.Combine(options.StateDirectory, "lock"), FileMode.OpenOrCreate, FileAccess.Write, FileShare.None);
        }
        catch (IOException taken)
        {
            throw new JournalException($"another worker agent uses {options.StateDirectory}", taken);
        }
    }

    /// <summary>The state at the end of the last run; an empty one when there was none.</summary>
    /// <exception cref="JournalException">The file is damaged. Going on without it would open what the kernel holds closed, if it does.</exception>
    public WorkerState Load(WorkerPolicy policy)
    {
        if (!File.Exists(_path))
            return new WorkerState { Policy = policy };
        try
        {
            var document = JsonSerializer.Deserialize<JournalDocument>(File.ReadAllBytes(_path), Format);
            return document is { Version: JournalDocument.CurrentVersion }
                ? document.ToState(policy)
                : throw new FormatException($"version {document?.Version} is not {JournalDocument.CurrentVersion}");
        }
        catch (Exception damaged) when (damaged is JsonException or FormatException or ArgumentException or NullReferenceException)
        {
            throw new JournalException(
                $"{_path} is damaged ({damaged.Message}); the kernel was left as it is. Stop the containers, run the command teardown, and start again.", damaged);
        }
    }

    /// <summary>
    /// Writes the state; a death of this process does not lose it from then on. A crash of the host may, and takes with it all that the state is about
    /// (ADR 3): a container does not wait for the disk.
    /// </summary>
    public void Save(WorkerState state) => AtomicFile.Write(_path, JsonSerializer.SerializeToUtf8Bytes(JournalDocument.Of(state), Format), toDisk: false);

    /// <summary>Forgets everything.</summary>
    public void Delete() => File.Delete(_path);

    /// <inheritdoc/>
    public void Dispose() => _lock.Dispose();
}
