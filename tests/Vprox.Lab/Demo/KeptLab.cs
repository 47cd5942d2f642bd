using Vprox.Lab.Topology;

namespace Vprox.Lab.Demo;

/// <summary>Tells a person how to look around in a lab that stays up.</summary>
internal static class KeptLab
{
    public static void Describe(VproxLab lab, Screen screen)
    {
        screen.Title("The lab stays up. Enter a host with");
        foreach (var host in lab.Hosts)
            screen.Say($"ip netns exec {host.Namespace.Name} bash");
        screen.Title("Try");
        var container = lab.Workers[0].Containers[0];
        screen.Say($"ip netns exec {container.Namespace.Name} curl http://{LabPlan.InternetServer}/");
        screen.Title("Logs");
        foreach (var process in lab.Hosts.SelectMany(host => host.Processes.Values))
            screen.Say(process.Log);
        screen.Title("Remove it with");
        screen.Say("./eng/demo.sh --clean");
    }
}
