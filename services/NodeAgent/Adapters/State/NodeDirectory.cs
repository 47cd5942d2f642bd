namespace Vprox.NodeAgent.Adapters.State;

/// <summary>
/// The folder of one node below the state directory. It bears the node's name: a machine image that was made of a running node carries that node's
/// folder, and the instances made of it must not take it for theirs.
/// </summary>
public static class NodeDirectory
{
    /// <summary>Makes it when it is missing, for its owner only.</summary>
    public static string Open(string stateDirectory, string nodeId)
    {
        var path = Path.Combine(stateDirectory, nodeId);
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return path;
    }
}
