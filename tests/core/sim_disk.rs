//! A disk that crashes: what was not synced may be lost, torn, or kept out of order.
//!
//! Files are numbered contents; names lead to them. A sync of a file makes its contents last, a sync of a folder makes
//! its names last. [`SimDisk::crash`] gives the disk that a machine may find after the power came back.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use pressmark::store::disk::{Disk, DiskFile};

/// Numbers that look random, the same for the same seed.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % end.max(1)
    }

    fn one_in(&mut self, of: u64) -> bool {
        self.below(of) == 0
    }
}

#[derive(Clone, Debug, Default)]
struct Contents {
    /// What lasts.
    synced: Vec<u8>,
    /// Appended since, a piece a write.
    waiting: Vec<Vec<u8>>,
}

impl Contents {
    fn now(&self) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        bytes.extend(self.waiting.iter().flatten());
        bytes
    }

    /// What may be there after a crash: of what waited a part, the last piece torn, or a hole where it should be.
    fn crashed(&self, dice: &mut Dice) -> Vec<u8> {
        let mut bytes = self.synced.clone();
        let kept = dice.below(self.waiting.len() as u64 + 1) as usize;
        for (at, piece) in self.waiting.iter().enumerate().take(kept) {
            match dice.below(4) {
                0 if at + 1 == kept => bytes.extend(&piece[..dice.below(piece.len() as u64 + 1) as usize]),
                // Its length came to the disk, its bytes did not.
                1 => bytes.extend(std::iter::repeat_n(0, piece.len())),
                _ => bytes.extend(piece),
            }
        }
        bytes
    }
}

#[derive(Clone, Debug)]
enum NameChange {
    Set(PathBuf, usize),
    Gone(PathBuf),
}

#[derive(Debug, Default)]
struct State {
    files: Vec<Contents>,
    names: BTreeMap<PathBuf, usize>,
    /// Names that last.
    lasting: BTreeMap<PathBuf, usize>,
    /// Changes of names since, with the folder of each.
    waiting: Vec<(PathBuf, NameChange)>,
    /// Steps until the crash.
    left: Option<u64>,
    /// One in so many writes and syncs fails; 0 for none.
    faults: u64,
    dice: Option<Dice>,
    temporaries: usize,
}

/// The disk.
#[derive(Clone, Debug, Default)]
pub struct SimDisk(Arc<Mutex<State>>);

struct SimFile {
    disk: SimDisk,
    file: usize,
}

fn folder(path: &Path) -> PathBuf {
    path.parent().map(Path::to_path_buf).unwrap_or_default()
}

impl State {
    /// A step that reaches the disk: it may be the one that the power cut comes in, or one that fails.
    fn step(&mut self) -> io::Result<()> {
        if let Some(left) = &mut self.left {
            if *left == 0 {
                return Err(io::Error::other("the power is out"));
            }
            *left -= 1;
        }
        let faults = self.faults;
        if faults > 0 && self.dice.as_mut().is_some_and(|dice| dice.one_in(faults)) {
            return Err(io::ErrorKind::StorageFull.into());
        }
        Ok(())
    }

    fn rename_to(&mut self, name: PathBuf, file: usize) {
        self.waiting.push((folder(&name), NameChange::Set(name.clone(), file)));
        self.names.insert(name, file);
    }
}

impl SimDisk {
    /// An empty disk on which one in `faults` writes fails (0: none), and the power goes after `steps` steps.
    pub fn new(dice: Dice, faults: u64, steps: Option<u64>) -> Self {
        Self(Arc::new(Mutex::new(State { dice: Some(dice), faults, left: steps, ..State::default() })))
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.0.lock().expect("no test of it panics while it holds the disk")
    }

    /// Whether the power is out.
    pub fn is_out(&self) -> bool {
        self.state().left == Some(0)
    }

    /// No more faults, no crash.
    pub fn calm(&self) {
        let mut state = self.state();
        (state.left, state.faults) = (None, 0);
    }

    /// The disk after the power came back.
    pub fn crash(&self, mut dice: Dice) -> Self {
        let state = self.state();
        let files: Vec<Contents> =
            state.files.iter().map(|file| Contents { synced: file.crashed(&mut dice), waiting: Vec::new() }).collect();
        let mut names = state.lasting.clone();
        // Names of one folder come to the disk in order; how many did, nobody knows.
        let kept = dice.below(state.waiting.len() as u64 + 1) as usize;
        for (_, change) in &state.waiting[..kept] {
            match change {
                NameChange::Set(name, file) => {
                    names.insert(name.clone(), *file);
                }
                NameChange::Gone(name) => {
                    names.remove(name);
                }
            }
        }
        let temporaries = state.temporaries;
        let lasting = names.clone();
        Self(Arc::new(Mutex::new(State { files, names, lasting, temporaries, dice: Some(dice), ..State::default() })))
    }
}

impl DiskFile for SimFile {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        let mut state = self.disk.state();
        if let Err(error) = state.step() {
            // A part of it came through.
            let part = state.dice.as_mut().map_or(0, |dice| dice.below(bytes.len() as u64 + 1)) as usize;
            state.files[self.file].waiting.push(bytes[..part].to_vec());
            return Err(error);
        }
        state.files[self.file].waiting.push(bytes.to_vec());
        Ok(())
    }

    fn sync(&mut self) -> io::Result<()> {
        let mut state = self.disk.state();
        state.step()?;
        let file = &mut state.files[self.file];
        file.synced = file.now();
        file.waiting.clear();
        Ok(())
    }
}

impl Disk for SimDisk {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        let state = self.state();
        state.names.get(path).map(|&file| state.files[file].now()).ok_or_else(|| io::ErrorKind::NotFound.into())
    }

    fn open(&self, path: &Path) -> io::Result<Box<dyn DiskFile>> {
        let file = self.state().names.get(path).copied().ok_or(io::ErrorKind::NotFound)?;
        Ok(Box::new(SimFile { disk: self.clone(), file }))
    }

    fn temporary(&self, target: &Path) -> io::Result<(PathBuf, Box<dyn DiskFile>)> {
        let mut state = self.state();
        state.step()?;
        state.temporaries += 1;
        let path = folder(target).join(format!(".tmp{}", state.temporaries));
        state.files.push(Contents::default());
        let file = state.files.len() - 1;
        state.rename_to(path.clone(), file);
        Ok((path, Box::new(SimFile { disk: self.clone(), file })))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        let file = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
        state.waiting.push((folder(from), NameChange::Gone(from.to_path_buf())));
        state.rename_to(to.to_path_buf(), file);
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        state.names.remove(path).ok_or(io::ErrorKind::NotFound)?;
        state.waiting.push((folder(path), NameChange::Gone(path.to_path_buf())));
        Ok(())
    }

    fn create_folder(&self, _path: &Path) -> io::Result<()> {
        self.state().step()
    }

    fn sync_folder(&self, path: &Path) -> io::Result<()> {
        let mut state = self.state();
        state.step()?;
        let waiting = std::mem::take(&mut state.waiting);
        for (of, change) in waiting {
            if of != path {
                state.waiting.push((of, change));
                continue;
            }
            match change {
                NameChange::Set(name, file) => {
                    state.lasting.insert(name, file);
                }
                NameChange::Gone(name) => {
                    state.lasting.remove(&name);
                }
            }
        }
        Ok(())
    }

    fn resolve(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(path.to_path_buf())
    }
}
