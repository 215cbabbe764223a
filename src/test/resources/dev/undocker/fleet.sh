# Run on a booted copy of this machine where the units are installed and v1.tar … are images. The image
# nginx of the registry $HUB says its version on port 80, and notes each start in its volume.
page() { curl -fsS --retry 9 --retry-all-errors "http://$1/"; }
push() { skopeo copy -q --dest-tls-verify=false "docker-archive:$1.tar" "docker://$HUB/library/nginx"; }
starts() { wc -l < /var/lib/undocker/$1/volumes/data/starts; }

push v1
systemctl start undocker-follow@web
echo "web $(page localhost), starts: $(starts web)"
tree=$(stat -c %i /var/lib/machines/web)
systemctl start undocker-follow@web
[ "$tree" = "$(stat -c %i /var/lib/machines/web)" ] && echo "untouched"
push v2
systemctl start undocker-follow@web
echo "web $(page localhost), starts: $(starts web)"
push broken
systemctl start undocker-follow@web 2> failure || echo "web $(page localhost) after a failure"

# whoever stops a machine finds it stopped
systemctl stop systemd-nspawn@web
push v3
systemctl start undocker-follow@web
systemctl -q is-active systemd-nspawn@web || echo "stopped"
systemctl start systemd-nspawn@web
echo "web $(page localhost)"

push v1
mkdir /run/systemd/system/undocker-follow@web.timer.d
printf '[Timer]\nRandomizedDelaySec=0\nAccuracySec=1ms\n' > /run/systemd/system/undocker-follow@web.timer.d/now.conf
systemctl daemon-reload
systemctl start undocker-follow@web.timer
for i in $(seq 60); do [ "$(curl -fs http://localhost/)" = v1 ] && break || sleep 1; done
echo "web $(page localhost) by the timer"
systemctl stop systemd-nspawn@web

printf 'IMAGE=docker://nginx\nRUNTIME=lxc\nOPTIONS=\n' > /etc/undocker/box.conf
printf 'lxc.net.0.ipv4.address = 10.0.3.20/24\n' > /var/lib/lxc/box.conf
ip address add 10.0.3.1/24 dev lxcbr0
systemctl start undocker-follow@box
echo "box $(page 10.0.3.20), starts: $(starts box)"
push v2
systemctl start undocker-follow@box
echo "box $(page 10.0.3.20), starts: $(starts box)"
systemctl stop lxc@box
systemd-analyze verify --man=no undocker-follow@web.service undocker-follow@web.timer 2>&1
