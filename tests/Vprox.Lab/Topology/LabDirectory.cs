using System.Diagnostics;
using System.Text.Json;
using Vprox.Lab.Namespaces;

namespace Vprox.Lab.Topology;

/// <summary>A lab's folder on disk and who owns it, so that what a killed run left is found and removed.</summary>
public sealed class LabDirectory
{
    private const string ManifestName = "lab.json";

    private LabDirectory(string path, LabManifest manifest) => (Location, Manifest) = (path, manifest);

    /// <summary>Where all labs of this machine have theirs.</summary>
    public static string Root { get; } = Path.Combine(Path.GetTempPath(), "vprox-lab");

    public string Location { get; }

    public LabManifest Manifest { get; private set; }

    public static LabDirectory Create(string labName)
    {
        // Named only when its owner stands in it: another lab that starts now must not take it for abandoned.
        var unnamed = Path.Combine(Root, $".{labName}");
        Directory.CreateDirectory(unnamed);
        var directory = new LabDirectory(Path.Combine(Root, labName), LabManifest.OfThisProcess(labName));
        directory.WriteTo(unnamed);
        Directory.Move(unnamed, directory.Location);
        return directory;
    }

    /// <summary>All that exist, whoever made them.</summary>
    public static IReadOnlyList<LabDirectory> All() => !Directory.Exists(Root) ? [] :
        [.. Directory.EnumerateDirectories(Root, "vprox-*").Select(path => new LabDirectory(path, Read(path)))];

    /// <summary>Nobody owns it any more: it outlives this process.</summary>
    public void Keep()
    {
        Manifest = Manifest with { Kept = true };
        WriteTo(Location);
    }

    /// <summary>Ends the lab's processes, deletes its namespaces with all links, and its files.</summary>
    public void Remove()
    {
        foreach (var name in NetworkNamespace.Names(Manifest.LabName + "-"))
            NetworkNamespace.Open(name).Dispose();
        DeleteFiles();
    }

    public void DeleteFiles()
    {
        if (Directory.Exists(Location))
            Directory.Delete(Location, recursive: true);
        try
        {
            // Only when this was the last lab.
            Directory.Delete(Root);
        }
        catch (IOException)
        {
            // Another lab has its folder there.
        }
    }

    private static LabManifest Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<LabManifest>(File.ReadAllText(Path.Combine(path, ManifestName)))!;
        }
        catch (Exception unreadable) when (unreadable is IOException or JsonException)
        {
            // Half removed, or damaged by hand.
            return new LabManifest(Path.GetFileName(path), 0, 0, false);
        }
    }

    private void WriteTo(string folder) => File.WriteAllText(Path.Combine(folder, ManifestName), JsonSerializer.Serialize(Manifest));
}

/// <summary>Whose lab it is. A process id comes back some day, so its start time tells two apart.</summary>
public sealed record LabManifest(string LabName, int OwnerId, long OwnerStartedTicks, bool Kept)
{
    public static LabManifest OfThisProcess(string labName)
    {
        using var process = Process.GetCurrentProcess();
        return new(labName, process.Id, process.StartTime.Ticks, false);
    }

    /// <summary>True while the process that made it runs.</summary>
    public bool IsOwned()
    {
        try
        {
            using var owner = Process.GetProcessById(OwnerId);
            return Math.Abs(owner.StartTime.Ticks - OwnerStartedTicks) < TimeSpan.TicksPerSecond;
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }
}
