namespace Vprox.NodeAgent.Core.DataPlane.Changes;

/// <summary>Tells what was done to the kernel.</summary>
internal static class ChangeSentences
{
    private const string AnyLink = "*";
    private const int LinkAt = 3;

    /// <summary>
    /// A sentence for each change. Settings come first, and one that many links were given is one sentence that names them: a node of 240 addresses begins
    /// with thousands of steps, of which a log shows the first, and every setting is to be found there with its old value and its new one.
    /// </summary>
    public static IReadOnlyList<string> Of(IReadOnlyCollection<KernelChange> changes) =>
    [
        .. changes.OfType<SetSysctl>().GroupBy(setting => setting with { Path = WithoutLink(setting.Path) }).Select(Sentence),
        .. changes.Where(change => change is not SetSysctl).Select(change => change.ToString()),
    ];

    private static string Sentence(IGrouping<SetSysctl, SetSysctl> same)
    {
        if (same.Count() == 1)
            return same.First().ToString();
        var links = string.Join(',', same.Select(setting => setting.Path.Split('/')[LinkAt]));
        return (same.Key with { Path = same.Key.Path.Replace(AnyLink, $"{{{links}}}", StringComparison.Ordinal) }).ToString();
    }

    // net/ipv4/conf/LINK/rp_filter, see proc_sys_net(5).
    private static string WithoutLink(string path) =>
        path.Split('/') is [var net, var family, "conf", _, var name] ? $"{net}/{family}/conf/{AnyLink}/{name}" : path;
}
