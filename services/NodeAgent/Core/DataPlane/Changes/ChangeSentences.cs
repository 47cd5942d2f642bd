namespace Vprox.NodeAgent.Core.DataPlane.Changes;

/// <summary>Tells what was done to the kernel.</summary>
internal static class ChangeSentences
{
    /// <summary>
    /// A sentence for each change. Settings come first, and one that many links were given is one sentence that names them: a node of 240 addresses begins
    /// with thousands of steps, of which a log shows the first, and every setting is to be found there with its old value and its new one.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<KernelChange> changes) =>
    [
        .. changes.OfType<SetSysctl>().GroupBy(setting => WithLink(setting, "*")).Select(Sentence),
        .. changes.Where(change => change is not SetSysctl).Select(change => change.ToString()),
    ];

    private static string Sentence(IGrouping<SetSysctl, SetSysctl> same) => same.Count() == 1
        ? same.First().ToString()
        : WithLink(same.First(), $"{{{string.Join(',', same.Select(setting => setting.Link))}}}").ToString();

    private static SetSysctl WithLink(SetSysctl setting, string name) =>
        setting.Link is null ? setting : setting with { Path = $"net/ipv4/conf/{name}{setting.Path[setting.Path.LastIndexOf('/')..]}" };
}
