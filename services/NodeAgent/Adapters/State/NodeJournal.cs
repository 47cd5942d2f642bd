using System.Text.Json;
using Vprox.Contracts;
using Vprox.NodeAgent.Core.Placements;

namespace Vprox.NodeAgent.Adapters.State;

/// <summary>
/// The placements a node was told last, still sealed, in one file: after a restart the agent knows what the kernel is to hold before it has heard
/// from anyone. It is written beside itself and renamed, so that it is whole whenever the process dies.
/// </summary>
public sealed class NodeJournal(string directory)
{
    private static readonly JsonSerializerOptions Json = new() { RespectRequiredConstructorParameters = true };

    private readonly string _path = Path.Combine(directory, "journal.json");

    /// <summary>An entry of the file.</summary>
    /// <param name="Placed">The message.</param>
    /// <param name="OvertakenUpTo">See <see cref="KnownAddress.OvertakenUpTo"/>.</param>
    /// <param name="Zone">See <see cref="Placement.Zone"/>.</param>
    public sealed record Entry(StaticIpPlaced Placed, long OvertakenUpTo, ushort Zone = 0);

    /// <summary>The whole file.</summary>
    /// <param name="Version">1.</param>
    /// <param name="Placements">What the node held.</param>
    /// <param name="UpTo">See <see cref="PlacementTable.UpTo"/>.</param>
    /// <param name="LastZone">See <see cref="PlacementTable.LastZone"/>; null when nobody knows.</param>
    public sealed record Document(int Version, IReadOnlyList<Entry> Placements, long UpTo = 0, ushort? LastZone = null)
    {
        /// <summary>Nothing is known.</summary>
        public static Document Empty { get; } = new(1, []);
    }

    /// <summary>Reads it; empty when there is none.</summary>
    /// <exception cref="InvalidDataException">The file holds something else. It was put aside as journal.json.bad.</exception>
    public Document Read()
    {
        if (!File.Exists(_path))
            return Document.Empty;
        try
        {
            using var file = File.OpenRead(_path);
            var document = JsonSerializer.Deserialize<Document>(file, Json);
            return document is { Version: 1, Placements: not null } && document.Placements.All(entry => entry?.Placed is not null)
                ? document
                : throw new JsonException("not a journal of version 1");
        }
        catch (JsonException e)
        {
            File.Move(_path, _path + ".bad", overwrite: true);
            throw new InvalidDataException($"{_path} is not a journal ({e.Message}); it was put aside as {_path}.bad", e);
        }
    }

    /// <summary>Replaces it.</summary>
    /// <exception cref="IOException">The disk refused; the old journal stays.</exception>
    public void Write(IReadOnlyList<HeldPlacement> placements, long upTo, ushort? lastZone)
    {
        var next = _path + ".next";
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var file = new FileStream(next, options))
        {
            JsonSerializer.Serialize(file, new Document(1, [.. placements.Select(held => new Entry(held.Placement.Message, held.OvertakenUpTo, held.Placement.Zone))], upTo, lastZone), Json);
            file.Flush(flushToDisk: true);
        }
        File.Move(next, _path, overwrite: true);
    }
}
