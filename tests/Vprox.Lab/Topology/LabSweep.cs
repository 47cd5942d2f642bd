namespace Vprox.Lab.Topology;

/// <summary>Removes labs whose owner is dead: a killed run cannot clean up after itself.</summary>
public static class LabSweep
{
    /// <summary>Those that nobody owns and nobody asked to keep.</summary>
    public static void RemoveAbandoned()
    {
        foreach (var lab in LabDirectory.All())
            if (!lab.Manifest.Kept && !lab.Manifest.IsOwned())
                lab.Remove();
    }

    /// <summary>Those too that were kept. Labs of running processes stay.</summary>
    /// <returns>Their names.</returns>
    public static IReadOnlyList<string> RemoveAll()
    {
        var removed = LabDirectory.All().Where(lab => lab.Manifest.Kept || !lab.Manifest.IsOwned()).ToList();
        foreach (var lab in removed)
            lab.Remove();
        return [.. removed.Select(lab => lab.Manifest.LabName)];
    }

    /// <summary>One lab, kept or not.</summary>
    public static void Remove(string labName)
    {
        foreach (var lab in LabDirectory.All().Where(lab => lab.Manifest.LabName == labName))
            lab.Remove();
    }
}
