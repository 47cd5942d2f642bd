namespace Vprox.Sysctl;

/// <summary>From what settings have to be and are to what must be done.</summary>
public static class SettingPlan
{
    /// <summary>The changes, in the order of the settings; none when all will do.</summary>
    /// <param name="settings">What has to be.</param>
    /// <param name="read">Gives the present value by path, or null when there is no such setting.</param>
    public static IReadOnlyList<SettingChange> Between(IEnumerable<Setting> settings, Func<string, string?> read)
    {
        var changes = new List<SettingChange>();
        foreach (var setting in settings)
        {
            var present = read(setting.Path);
            if (present is null)
                changes.Add(new SettingChange(setting, null, null));
            else if (setting.Better(present) is { } better)
                changes.Add(new SettingChange(setting, present, better));
        }
        return changes;
    }
}
